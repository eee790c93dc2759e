"""What a policy would have cost: cases replayed under two versions, and where they part."""
