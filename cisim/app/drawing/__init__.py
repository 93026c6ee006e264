"""What comes out of a session: runs, computed and kept, and the pictures, stories and tables made of them."""
