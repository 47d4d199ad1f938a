"""What is done for old scans."""
