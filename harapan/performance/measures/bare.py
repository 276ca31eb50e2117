"""Records that lack what goes with them at other people's."""

# What is made up afterwards has no picture. Who has no camera stands out alike: that is asked, not concluded.
PHOTO_NONE = """
WITH shown AS (SELECT DISTINCT event FROM photo)
SELECT person, count(*) AS n, avg((shown.event IS NULL)::INT) AS value, NULL AS se,
       list({'event': event, 'figure': units}
            ORDER BY (shown.event IS NULL) DESC, entered_at DESC, event)[:5] AS records
FROM event LEFT JOIN shown USING (event) WHERE kind = 'session' GROUP BY person"""
