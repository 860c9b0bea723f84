"""add x

Revision ID: 27c6a30d7c24
Revises: 1975ea83b712
Create Date: 2024-01-01 00:00:00

"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '27c6a30d7c24'
down_revision = '1975ea83b712'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("select '1975ea83b712'")


def downgrade():
    pass
