"""title
<<<<<<< HEAD
Revises: a
=======
Revises: b
>>>>>>> topic
"""
revision = 'x'
down_revision = ('a',
    # b
    'b'
if x:
	down_revision = None
        y = 1
