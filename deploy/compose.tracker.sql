-- The engine's own memory of conversations, beside the application's data.
CREATE DATABASE tracker;
