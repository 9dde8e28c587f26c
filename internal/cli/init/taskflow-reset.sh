#!/bin/sh
# Brings TaskFlow's data back to its beginning. taskbench runs this before every
# trial, before the server is started, and tells it
#
#   TASKBENCH_TARGET     whose turn it is: rust, windjammer
#   TASKBENCH_URL        where that server listens
#   TASKBENCH_SCENARIO   what is measured next; "check" before everything
#   DATABASE_URL         from the target's env in taskbench.yaml: its database
#
# The database is created where it is missing, and the schema loaded where its
# tables are: TASKFLOW_SCHEMA names the file; "none" where the server makes its
# tables itself. RESTART IDENTITY, because both servers act as user 1 whatever a
# token says: the first user to register has to get that number again.
set -eu

: "${DATABASE_URL:?is not set: give it in env: of the target ${TASKBENCH_TARGET:-} in taskbench.yaml}"
schema=${TASKFLOW_SCHEMA:-{{.Schema}}}

# ask URL [ARGUMENT…] is psql that stops at the first error, and says nothing else.
ask() {
  url=$1
  shift
  PGOPTIONS="${PGOPTIONS:-} --client-min-messages=warning" psql "$url" --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"
}

plain=${DATABASE_URL%%\?*}
options=${DATABASE_URL#"$plain"}
name=${plain##*/}
server=${plain%/*}

if [ "$(ask "$server/postgres$options" --command "SELECT count(*) FROM pg_database WHERE datname = '$name'")" = 0 ]; then
  ask "$server/postgres$options" --command "CREATE DATABASE \"$name\""
fi

tables() {
  ask "$DATABASE_URL" --command "SELECT count(*) FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_name IN ('users', 'projects', 'project_members', 'tasks')"
}

if [ "$(tables)" != 4 ]; then
  if [ "$schema" = none ]; then
    exit 0
  fi
  if [ ! -f "$schema" ]; then
    echo "the database $name has no tables of TaskFlow, and there is no schema in $schema: name the file in TASKFLOW_SCHEMA, or none where the server makes its tables itself" >&2
    exit 1
  fi
  ask "$DATABASE_URL" --single-transaction --file "$schema"
fi

# What the published schema needs before the servers' own statements work on it:
# times with a zone, project_members.created_at, tasks without a created_by.
# Each is done once.
ask "$DATABASE_URL" --command "DO \$\$
DECLARE c record;
BEGIN
  FOR c IN SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()
    AND table_name IN ('users', 'projects', 'project_members', 'tasks') AND data_type = 'timestamp without time zone'
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER %I TYPE timestamptz', c.table_name, c.column_name);
  END LOOP;
  IF EXISTS (SELECT FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'project_members' AND column_name = 'joined_at') THEN
    ALTER TABLE project_members RENAME joined_at TO created_at;
  END IF;
  IF EXISTS (SELECT FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'tasks' AND column_name = 'created_by' AND is_nullable = 'NO') THEN
    ALTER TABLE tasks ALTER created_by DROP NOT NULL;
  END IF;
END \$\$"

# Then the tables are emptied. But what the setup of a scenario made is put aside and
# comes back before its next trial: accounts, whose passwords take a good second of
# the processor for every four, and the projects of tasks. taskbench goes on with
# them where the server still knows them (keep: true), so that a pair costs seconds.
# "check", with which every command begins, forgets them. Who may make no schema here
# has empty tables before every trial.
ask "$DATABASE_URL" --command "DO \$\$
DECLARE
  now text := '${TASKBENCH_SCENARIO:-check}';
  before text;
  part record;
BEGIN
  IF NOT has_database_privilege(current_database(), 'CREATE') THEN
    TRUNCATE users, projects, project_members, tasks RESTART IDENTITY CASCADE;
    RETURN;
  END IF;
  IF now = 'check' THEN
    DROP SCHEMA IF EXISTS taskbench_kept CASCADE;
  END IF;
  CREATE SCHEMA IF NOT EXISTS taskbench_kept;
  CREATE TABLE IF NOT EXISTS taskbench_kept.trial (scenario text);
  SELECT scenario INTO before FROM taskbench_kept.trial;

  FOR part IN SELECT * FROM (VALUES ('projects', 'users'), ('tasks', 'users'), ('tasks', 'projects'), ('tasks', 'project_members'), ('workflow', 'users')) AS made (scenario, rows)
  LOOP
    IF part.scenario = before THEN
      EXECUTE format('DROP TABLE IF EXISTS taskbench_kept.%I', part.scenario || ' ' || part.rows);
      EXECUTE format('CREATE TABLE taskbench_kept.%I AS TABLE %I', part.scenario || ' ' || part.rows, part.rows);
    END IF;
  END LOOP;

  TRUNCATE users, projects, project_members, tasks RESTART IDENTITY CASCADE;

  FOR part IN SELECT kept.rows FROM unnest(ARRAY['users', 'projects', 'project_members']) AS kept (rows)
    WHERE to_regclass(format('taskbench_kept.%I', now || ' ' || kept.rows)) IS NOT NULL
  LOOP
    EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE TABLE taskbench_kept.%I', part.rows, now || ' ' || part.rows);
    IF part.rows != 'project_members' THEN
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), max(id)) FROM %I', part.rows, part.rows);
    END IF;
  END LOOP;

  DELETE FROM taskbench_kept.trial;
  INSERT INTO taskbench_kept.trial VALUES (now);
END \$\$"
