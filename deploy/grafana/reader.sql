-- The user Grafana reads with: the dashboards' views and nothing else. In Grafana without enterprise rights any member may send
-- any SQL to a data source, so what must not be seen must not be readable: the views hold aggregates, no case.
-- Run once as an administrator, with the name of the database in place of pingan and a password of your own:
--   clickhouse-client --multiquery < reader.sql
CREATE SETTINGS PROFILE IF NOT EXISTS grafana_reader SETTINGS
    readonly = 1,
    max_execution_time = 30 MIN 1 MAX 60 CHANGEABLE_IN_READONLY,
    max_result_rows = 100000 READONLY,
    result_overflow_mode = 'throw' READONLY,
    max_memory_usage = 2000000000 READONLY;
CREATE USER IF NOT EXISTS grafana_reader IDENTIFIED WITH sha256_password BY 'CHANGE-ME' SETTINGS PROFILE 'grafana_reader';
GRANT SELECT ON pingan.v_counties TO grafana_reader;
GRANT SELECT ON pingan.v_months TO grafana_reader;
GRANT SELECT ON pingan.v_bands TO grafana_reader;
GRANT SELECT ON pingan.v_ranking TO grafana_reader;
GRANT SELECT ON pingan.v_history TO grafana_reader;
GRANT SELECT ON pingan.v_county_history TO grafana_reader;
GRANT SELECT ON pingan.v_dimensions TO grafana_reader;
GRANT SELECT ON pingan.v_dimension_history TO grafana_reader;
GRANT SELECT ON pingan.v_indicator_names TO grafana_reader;
GRANT SELECT ON pingan.v_indicators TO grafana_reader;
GRANT SELECT ON pingan.v_indicator_history TO grafana_reader;
GRANT SELECT ON pingan.v_changes TO grafana_reader;
GRANT SELECT ON pingan.v_deductions TO grafana_reader;
GRANT SELECT ON pingan.v_stories TO grafana_reader;
GRANT SELECT ON pingan.v_types TO grafana_reader;
GRANT SELECT ON pingan.v_scheme_runs TO grafana_reader;
GRANT SELECT ON pingan.v_scheme_pairs TO grafana_reader;
GRANT SELECT ON pingan.v_intake TO grafana_reader;
GRANT SELECT ON pingan.v_delays TO grafana_reader;
GRANT SELECT ON pingan.v_freshness TO grafana_reader;
GRANT SELECT ON pingan.v_rejects TO grafana_reader;
GRANT SELECT ON pingan.v_component_state TO grafana_reader;
GRANT SELECT ON pingan.v_reconciles TO grafana_reader;
GRANT SELECT ON pingan.v_notices TO grafana_reader;
GRANT SELECT ON pingan.v_positions TO grafana_reader;
