"""Issues as people look at them: listed, counted by day, and one with its logs. What makes them, intake knows."""
