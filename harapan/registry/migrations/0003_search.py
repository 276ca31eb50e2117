"""Search by parts of a name in any scope: a function that puts the signed scope into its own condition.

LIKE is not leakproof, so under a policy PostgreSQL would test every row of the scope before it. Here the owner reads,
and the scope stands as literals beside the trigram index. The table is named with its schema and temporary ones come
last: a session's own view of that name would be read with the owner's rights.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.roles import role
from harapan.database.together import Statements

FUNCTION = """
CREATE FUNCTION harapan.find_families(words text[], rows_max int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    shape text := current_setting('role');
    condition text := '';
    within text;
    word text;
    ranges bigint[] := nullif(current_setting('harapan.ranges', true), '')::bigint[];
BEGIN
    IF shape = {nation} OR shape = {batch} THEN
        within := 'true';
    ELSIF NOT harapan.scope_is_signed() THEN
        RETURN;
    ELSIF shape = {region} THEN
        within := format('region_no >= %s AND region_no < %s', current_setting('harapan.lo')::bigint,
                         current_setting('harapan.hi')::bigint);
    ELSIF shape = {regions} THEN
        SELECT string_agg(format('(region_no >= %s AND region_no < %s)', ranges[2*n-1], ranges[2*n]), ' OR ')
        INTO within FROM generate_series(1, 4) n;
        within := '(' || within || ')';
    ELSIF shape = {groups} THEN
        within := format('group_id = ANY (%L::bigint[])', current_setting('harapan.groups'));
    ELSE
        RETURN;
    END IF;
    FOREACH word IN ARRAY words LOOP
        condition := condition || format(' AND name_key LIKE %L',
            '%' || replace(replace(replace(word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%');
    END LOOP;
    RETURN QUERY EXECUTE format('SELECT id FROM public.registry_family WHERE %s%s ORDER BY name_key, id LIMIT %s',
                                within, condition, least(rows_max, 200));
END $$;
"""


def create(apps, schema_editor):
    prefix = settings.ROLE_PREFIX
    shapes = ("region", "regions", "groups", "nation", "batch")
    names = {name: "'" + f"{prefix}_{name}".replace("'", "''") + "'" for name in shapes}
    with schema_editor.connection.cursor() as cursor:
        sql = FUNCTION
        for name, literal in names.items():
            sql = sql.replace("{" + name + "}", literal)
        cursor.execute(sql)
        cursor.execute("REVOKE ALL ON FUNCTION harapan.find_families(text[], int) FROM PUBLIC")
        readers = ", ".join(role(prefix, name) for name in shapes)
        cursor.execute(f"GRANT EXECUTE ON FUNCTION harapan.find_families(text[], int) TO {readers}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_scope")]
    operations = [Statements(create, migrations.RunPython.noop)]
