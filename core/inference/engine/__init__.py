"""The engine: llama.cpp through its low-level interface, used inside the model process and nowhere else."""
