"""What each page of insights shows, made from its figures. Pure: tested without a browser."""
