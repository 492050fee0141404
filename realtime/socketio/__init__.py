"""Socket.IO 4 at `/socket.io/`: python-socketio speaks the protocol, everything else is the same as on `/ws/`.

One sink per session; rooms, commands, limits and the life of a session are the hub's and the Connection's. No manager
that goes over Redis, none of python-socketio's rooms: docs/decisions/016.
"""
