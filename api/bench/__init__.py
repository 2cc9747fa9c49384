"""One workload on any machine, and two machines side by side: does the local one do?"""
