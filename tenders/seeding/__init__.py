"""What the product ships with: the reported facts of real parks, and a park that is made up throughout."""
