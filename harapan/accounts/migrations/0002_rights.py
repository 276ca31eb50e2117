"""Who may read and write users, posts, sessions and second factors; changes of people and posts are audited."""

from django.db import migrations

from harapan.database.rls import Open

ALL = "SELECT, INSERT, UPDATE, DELETE"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0001_entries_and_seals"),
        ("account", "__latest__"),
        ("mfa", "__latest__"),
        ("sessions", "__latest__"),
        ("contenttypes", "__latest__"),
        ("auth", "__latest__"),
    ]
    operations = [
        Open("accounts_user", rights="SELECT, INSERT, UPDATE", audited="user", secret=("password",)),
        Open("accounts_post", rights="SELECT, INSERT, UPDATE", audited="post"),
        Open("accounts_acting", rights="SELECT, INSERT, UPDATE", audited="acting"),
        Open("accounts_clearance", rights=ALL, audited="clearance"),
        Open("accounts_signindelay", rights=ALL),
        Open("django_session", rights=ALL),
        Open("account_emailaddress", rights=ALL),
        Open("account_emailconfirmation", rights=ALL),
        Open("mfa_authenticator", rights=ALL),
        Open("django_content_type"),
        Open("auth_permission"),
        Open("auth_group"),
        Open("django_migrations"),
    ]
