"""One file per action: a frozen Request, ``run(request, context) -> Result``. The only place where models meet images."""
