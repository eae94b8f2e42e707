"""What this checkout is kept with; nothing here is part of the package."""
