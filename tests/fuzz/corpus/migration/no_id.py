'''doc'''
down_revision: str
down_revision = None;branch_labels = ()
