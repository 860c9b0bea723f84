# -*- coding: latin-1 -*-
import os as revision
from x import *
A = B = "a" "b" + 'c'
revision, (down_revision, *rest) = f"x", (r'\d', u'\N{BULLET}', b'y')
if os.environ.get('X'):
    down_revision = A
elif (depends_on := [1, 2.5e3, 0x_f, 1j]):
    del branch_labels
else: branch_labels = {'l': 1}
for revision in range(3): pass
with open(f'{A!r:>{10}}') as depends_on: down_revision += B
try:
    down_revision[0] = 1
except* E as revision:
    raise
match A:
    case [x, {"k": revision}, *_]: global down_revision
class C(object):
    revision = lambda: (yield)
    async def f(self, /, *, a=1): nonlocal a; return
type X[T] = int
@decorator
def upgrade(): \
    pass
