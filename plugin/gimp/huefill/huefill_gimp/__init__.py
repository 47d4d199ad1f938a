"""The plug-in's parts: GIMP, GTK, the standard library and huefill_client, nothing else."""
