"""What conversations add up to: figures and how sure they are, and what is done about causes."""
