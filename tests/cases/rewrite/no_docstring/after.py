from alembic import op

# revision identifiers, used by Alembic.
revision = '27c6a30d7c24'
down_revision = 'ae1027a6acf0'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("select '1975ea83b712'")


def downgrade():
    pass
