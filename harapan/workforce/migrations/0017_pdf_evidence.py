"""A reporter may bring a PDF as well: what is kept says itself whether it is one."""

from django.db import migrations

ATTACHED = """
CREATE OR REPLACE FUNCTION harapan.ethics_attached(asked text, word bytea, files jsonb, day date, most int)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told record;
    before int;
BEGIN
    IF NOT harapan.scope_is_signed() THEN RETURN false; END IF;
    SELECT r.id, c.id AS case_id INTO told
    FROM public.workforce_ethicsreport r JOIN public.workforce_ethicscase c ON c.id = r.case_id
    WHERE r.number = asked AND r.word_ix = word AND c.step NOT IN ('final', 'closed') FOR UPDATE OF r;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT count(*) INTO before FROM public.workforce_ethicsevidence e WHERE e.report_id = told.id;
    IF before + jsonb_array_length(files) > most THEN RETURN false; END IF;
    INSERT INTO public.files_storedfile (id, name, kind, media_type, size, digest, owner, region_no, group_id, stored_at)
    SELECT (f ->> 'id')::uuid,
           'bukti-' || (before + n) || CASE f ->> 'media_type' WHEN 'application/pdf' THEN '.pdf' ELSE '.jpg' END,
           'ethics', CASE f ->> 'media_type' WHEN 'application/pdf' THEN 'application/pdf' ELSE 'image/jpeg' END,
           (f ->> 'size')::bigint, f ->> 'digest', 0, 0, 0, date_trunc('day', now())
    FROM jsonb_array_elements(files) WITH ORDINALITY AS each(f, n);
    INSERT INTO public.workforce_ethicsevidence (case_id, report_id, kind, words, file_id, added_on)
    SELECT told.case_id, told.id, 'brought', '', (f ->> 'id')::uuid, day FROM jsonb_array_elements(files) AS each(f);
    RETURN true;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0016_ethics_unknown_accused")]
    operations = [migrations.RunSQL(ATTACHED, migrations.RunSQL.noop)]
