-- Every content of every revision, and whether it is the one that counts.
SELECT id, revision, sha256, first = max(first) OVER (PARTITION BY id, revision) AS counts
FROM
(
    SELECT leftPad(lower(hex(report_id)), 32, '0') AS id, revision, sha256, max(version) AS first
    FROM report_log
    GROUP BY report_id, revision, sha256
)
