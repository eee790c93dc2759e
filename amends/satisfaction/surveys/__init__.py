"""What customers are asked about how their complaint was handled, when, and what they answer."""
