"""The app: a coalition on a stage for a room, plans on a desk to decide, studies on a bench, all in a browser."""
