-- Users, roles, limits of the platform's database on a ClickHouse server. Run once by an
-- administrator, with clickhouse-client, after the database was made:
--
--   CREATE DATABASE IF NOT EXISTS atvsld
--
-- and again after an upgrade: every statement may be repeated. Users are made without a
-- password and cannot sign in until README.md's last step gives them one: a password in a
-- file under version control would be none.

-- Limits. "readonly = 2" lets a query bring settings, but change nothing. The program asks
-- for max_execution_time 30 and max_memory_usage 4 GiB, which must lie within MAX.
CREATE SETTINGS PROFILE IF NOT EXISTS atvsld_reading SETTINGS
    readonly = 2,
    max_execution_time = 30 MIN 1 MAX 300,
    max_memory_usage = 4294967296 MIN 1 MAX 8589934592,
    max_threads = 2 MIN 1 MAX 8,
    max_result_rows = 5000000,
    allow_ddl = 0 READONLY;
CREATE SETTINGS PROFILE IF NOT EXISTS atvsld_writing SETTINGS
    max_execution_time = 300 MIN 1 MAX 3600,
    max_memory_usage = 8589934592 MIN 1 MAX 17179869184,
    async_insert = 0,
    allow_ddl = 0 READONLY;
CREATE SETTINGS PROFILE IF NOT EXISTS atvsld_changing SETTINGS
    max_memory_usage = 8589934592 MIN 1 MAX 17179869184,
    async_insert = 0;

-- Rights. The lists of tables follow the migrations: go test ./deploy/clickhouse -update.
CREATE ROLE IF NOT EXISTS atvsld_reader;
CREATE ROLE IF NOT EXISTS atvsld_writer;
CREATE ROLE IF NOT EXISTS atvsld_auditor;
CREATE ROLE IF NOT EXISTS atvsld_owner;

-- begin: reading
GRANT SELECT ON atvsld.access_grant TO atvsld_reader;
GRANT SELECT ON atvsld.access_key_event TO atvsld_reader;
GRANT SELECT ON atvsld.accident_declaration TO atvsld_reader;
GRANT SELECT ON atvsld.annex_xii TO atvsld_reader;
GRANT SELECT ON atvsld.base_figures TO atvsld_reader;
GRANT SELECT ON atvsld.case_link TO atvsld_reader;
GRANT SELECT ON atvsld.clinic_report TO atvsld_reader;
GRANT SELECT ON atvsld.closed_base_figure TO atvsld_reader;
GRANT SELECT ON atvsld.closed_cell TO atvsld_reader;
GRANT SELECT ON atvsld.commune_report TO atvsld_reader;
GRANT SELECT ON atvsld.current_repair TO atvsld_reader;
GRANT SELECT ON atvsld.dead_letter TO atvsld_reader;
GRANT SELECT ON atvsld.dead_letter_act TO atvsld_reader;
GRANT SELECT ON atvsld.disease_case TO atvsld_reader;
GRANT SELECT ON atvsld.disease_report TO atvsld_reader;
GRANT SELECT ON atvsld.equipment_inspection_report TO atvsld_reader;
GRANT SELECT ON atvsld.erasure TO atvsld_reader;
GRANT SELECT ON atvsld.examination_report TO atvsld_reader;
GRANT SELECT ON atvsld.health_summary TO atvsld_reader;
GRANT SELECT ON atvsld.inspection TO atvsld_reader;
GRANT SELECT ON atvsld.insurance_report TO atvsld_reader;
GRANT SELECT ON atvsld.investigation TO atvsld_reader;
GRANT SELECT ON atvsld.log_beginning TO atvsld_reader;
GRANT SELECT ON atvsld.log_epoch TO atvsld_reader;
GRANT SELECT ON atvsld.log_origin TO atvsld_reader;
GRANT SELECT ON atvsld.monitoring_report TO atvsld_reader;
GRANT SELECT ON atvsld.obligation_relief TO atvsld_reader;
GRANT SELECT ON atvsld.osh_report TO atvsld_reader;
GRANT SELECT ON atvsld.period_close TO atvsld_reader;
GRANT SELECT ON atvsld.registration TO atvsld_reader;
GRANT SELECT ON atvsld.report_log TO atvsld_reader;
GRANT SELECT ON atvsld.schema_migration TO atvsld_reader;
GRANT SELECT ON atvsld.store_info TO atvsld_reader;
GRANT SELECT ON atvsld.store_loss TO atvsld_reader;
GRANT SELECT ON atvsld.technical_incident TO atvsld_reader;
GRANT SELECT ON atvsld.token_revocation TO atvsld_reader;
GRANT SELECT ON atvsld.training_report TO atvsld_reader;
-- end: reading

-- begin: writing
GRANT SELECT, INSERT ON atvsld.access_grant TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.access_key_event TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.accident_declaration TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.annex_xii TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.base_figures TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.case_link TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.clinic_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.closed_base_figure TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.closed_cell TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.commune_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.current_repair TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.dead_letter TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.dead_letter_act TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.disease_case TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.disease_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.equipment_inspection_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.erasure TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.examination_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.health_summary TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.inspection TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.insurance_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.investigation TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.log_beginning TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.log_epoch TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.log_origin TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.monitoring_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.obligation_relief TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.osh_report TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.period_close TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.registration TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.report_log TO atvsld_writer;
GRANT SELECT ON atvsld.schema_migration TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.store_info TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.store_loss TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.technical_incident TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.token_revocation TO atvsld_writer;
GRANT SELECT, INSERT ON atvsld.training_report TO atvsld_writer;
-- end: writing

-- Append-only: nobody but the owner of the schema may alter or empty it, and what he does
-- breaks the chain.
-- begin: audit
GRANT SELECT, INSERT ON atvsld.audit_entry TO atvsld_auditor;
-- end: audit

-- What the program reads of the server.
GRANT SELECT ON system.tables TO atvsld_reader, atvsld_writer;
GRANT SELECT ON system.columns TO atvsld_reader, atvsld_writer;
GRANT SELECT ON system.parts TO atvsld_reader, atvsld_writer;
GRANT SELECT ON system.databases TO atvsld_writer, atvsld_owner;

-- The owner of the schema: atvsld migrate, and atvsld verify --figures, which recomputes
-- every figure in a database of its own, atvsld_scratch_….
GRANT SELECT, INSERT, CREATE TABLE, DROP TABLE, ALTER TABLE ON atvsld.* TO atvsld_owner;
GRANT SELECT, INSERT, CREATE DATABASE, DROP DATABASE, CREATE TABLE, DROP TABLE, ALTER TABLE ON `atvsld_scratch_`*.* TO atvsld_owner;
GRANT SELECT ON system.* TO atvsld_owner;

-- Users, who cannot sign in yet.
CREATE USER IF NOT EXISTS atvsld_read IDENTIFIED WITH no_authentication HOST NONE SETTINGS PROFILE 'atvsld_reading';
CREATE USER IF NOT EXISTS atvsld_write IDENTIFIED WITH no_authentication HOST NONE SETTINGS PROFILE 'atvsld_writing';
CREATE USER IF NOT EXISTS atvsld_audit IDENTIFIED WITH no_authentication HOST NONE SETTINGS PROFILE 'atvsld_writing';
CREATE USER IF NOT EXISTS atvsld_migrate IDENTIFIED WITH no_authentication HOST NONE SETTINGS PROFILE 'atvsld_changing';
GRANT atvsld_reader TO atvsld_read;
GRANT atvsld_writer, atvsld_auditor TO atvsld_write;
GRANT atvsld_auditor TO atvsld_audit;
GRANT atvsld_owner TO atvsld_migrate;

-- Quotas bound what a runaway reader takes of everybody.
CREATE QUOTA IF NOT EXISTS atvsld_reading FOR INTERVAL 1 minute MAX queries = 12000, execution_time = 900, read_rows = 50000000000 TO atvsld_read;
CREATE QUOTA IF NOT EXISTS atvsld_audit FOR INTERVAL 1 minute MAX queries = 600 TO atvsld_audit;
