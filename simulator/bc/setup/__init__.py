"""Page 5330, the connection setup: what it does of itself when it is opened or changed.

Base application 15.17 and its later versions. Messages are our own; rules and their order are BC's.
"""
