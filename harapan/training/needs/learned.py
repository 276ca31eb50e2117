"""Until when what somebody has learned counts, as one statement: by certificate, or by a pass that waits for one."""

# person, course, until ('infinity': for good); a revoked certificate counts for nothing, nor does its pass any more
LEARNED = """
            SELECT person, course, max(until) AS until FROM (
                SELECT person_id AS person, course_id AS course, coalesce(expires_on, 'infinity'::date) AS until
                FROM training_certificate WHERE revoked_on IS NULL
                UNION ALL
                SELECT e.person_id, b.course_id,
                       coalesce((e.ended_on + make_interval(months => c.validity_months))::date, 'infinity'::date)
                FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
                JOIN training_course c ON c.id = b.course_id
                WHERE e.state = 'passed' AND e.ended_on <= %(on)s
                  AND NOT EXISTS (SELECT FROM training_certificate k WHERE k.enrolment_id = e.id)
            ) each GROUP BY 1, 2"""
