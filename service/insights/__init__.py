"""Is it working: where positions lack, who is to be asked, and whether it is divided fairly."""
