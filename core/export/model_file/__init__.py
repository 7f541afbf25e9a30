"""The model as a file that is data and not a program, and the gate through which one comes in."""
