"""The search by parts of a name (0003) gathers before it sorts where several words are asked; what it finds is the same.

PostgreSQL takes words for independent of each other and of the alphabet. For two words it expects thousands of names
early on and walks nearly a million in their order; gathered through the trigram index they are a few thousand. One word
it judges well.
"""

from django.conf import settings
from django.db import migrations

from harapan.database.together import Statements

FUNCTION = """
CREATE OR REPLACE FUNCTION harapan.find_families(words text[], rows_max int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    shape text := current_setting('role');
    condition text := '';
    within text;
    word text;
    gathered text;
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
    gathered := format('SELECT id, name_key FROM public.registry_family WHERE %s%s', within, condition);
    IF cardinality(words) > 1 THEN
        gathered := gathered || ' OFFSET 0';
    END IF;
    RETURN QUERY EXECUTE format('SELECT id FROM (%s) found ORDER BY name_key, id LIMIT %s',
                                gathered, least(rows_max, 200));
END $$;
"""


def create(apps, schema_editor):
    sql = FUNCTION
    for name in ("region", "regions", "groups", "nation", "batch"):
        literal = "'" + f"{settings.ROLE_PREFIX}_{name}".replace("'", "''") + "'"
        sql = sql.replace("{" + name + "}", literal)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_lists_from_indexes")]
    operations = [Statements(create, migrations.RunPython.noop)]
