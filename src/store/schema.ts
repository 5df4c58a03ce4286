/** Set in every database of ours (`PRAGMA application_id`), so that another program's SQLite file is never taken for a store. */
export const applicationId = 0x50494c54

/**
 * One statement list per schema version; append only. `PRAGMA user_version` says how many have been applied.
 * Span and text are apart, since every measure reads all spans and no text.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    platform TEXT NOT NULL,
    path TEXT NOT NULL,
    format TEXT,
    sha256 TEXT,
    bytes INTEGER,
    state TEXT NOT NULL,
    reason TEXT,
    records INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '{}',
    redacted TEXT NOT NULL DEFAULT '{}',
    policy TEXT NOT NULL,
    ingested_ms REAL NOT NULL,
    UNIQUE (kind, platform, path)
  ) STRICT;

  CREATE TABLE span (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    start_ms REAL,
    end_ms REAL,
    start_rest_ns INTEGER,
    end_rest_ns INTEGER,
    status TEXT NOT NULL,
    status_message TEXT,
    provider TEXT,
    request_model TEXT,
    response_model TEXT,
    prompt_name TEXT,
    prompt_version TEXT,
    input_tokens REAL,
    output_tokens REAL,
    cached_input_tokens REAL,
    cache_write_tokens REAL,
    reasoning_tokens REAL,
    normalised INTEGER,
    cost_usd REAL,
    user TEXT,
    tenant TEXT,
    session TEXT,
    request TEXT,
    environment TEXT,
    release TEXT,
    workflow TEXT,
    service TEXT,
    fields INTEGER NOT NULL,
    UNIQUE (trace_id, span_id, platform)
  ) STRICT;
  CREATE TABLE span_content (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE span_version (id INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (id, hash)) STRICT, WITHOUT ROWID;
  CREATE TABLE span_source (source INTEGER NOT NULL, span INTEGER NOT NULL, PRIMARY KEY (source, span)) STRICT, WITHOUT ROWID;

  CREATE TABLE finding (span INTEGER NOT NULL, rule TEXT NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY (span, rule)) STRICT, WITHOUT ROWID;

  CREATE TABLE score (
    key TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    trace_id TEXT,
    span_id TEXT,
    name TEXT NOT NULL,
    value REAL,
    label TEXT,
    comment TEXT,
    source TEXT,
    time_ms REAL,
    origin INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX score_trace ON score (trace_id);

  CREATE TABLE feedback (
    key TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    id TEXT,
    trace_id TEXT,
    span_id TEXT,
    request TEXT,
    kind TEXT NOT NULL,
    value REAL,
    comment TEXT,
    user TEXT,
    time_ms REAL,
    origin INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX feedback_trace ON feedback (trace_id);

  CREATE TABLE request (
    id TEXT PRIMARY KEY,
    time_ms REAL NOT NULL,
    origin TEXT NOT NULL,
    tenant TEXT,
    user TEXT,
    trace_id TEXT,
    release TEXT,
    source INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Versions keep what they said, so that a span is the same in whatever order they came; rows about whole traces; registries.
  `
  ALTER TABLE span ADD COLUMN is_rollup INTEGER;
  ALTER TABLE span ADD COLUMN revision REAL;
  ALTER TABLE span ADD COLUMN record_id TEXT;
  ALTER TABLE span ADD COLUMN prompt_id TEXT;

  DROP TABLE span_version;
  CREATE TABLE span_version (
    id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    place INTEGER NOT NULL,
    cells TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, hash)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE prompt_name (
    platform TEXT NOT NULL,
    prompt_id TEXT NOT NULL,
    name TEXT NOT NULL,
    origin INTEGER NOT NULL,
    PRIMARY KEY (platform, prompt_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE deleted_record (
    platform TEXT NOT NULL,
    record_id TEXT NOT NULL,
    origin INTEGER NOT NULL,
    PRIMARY KEY (platform, record_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE billing (
    key TEXT PRIMARY KEY,
    shape TEXT NOT NULL,
    id TEXT,
    start_ms REAL NOT NULL,
    end_ms REAL,
    provider TEXT,
    model TEXT,
    cost_usd REAL,
    calls REAL,
    input_tokens REAL,
    output_tokens REAL,
    cached_input_tokens REAL,
    cache_write_tokens REAL,
    reasoning_tokens REAL,
    pass INTEGER NOT NULL,
    times INTEGER NOT NULL,
    source INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX billing_time ON billing (start_ms);
  `,
  `
  CREATE TABLE deployment (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT,
    version TEXT NOT NULL,
    time_ms REAL NOT NULL,
    environment TEXT,
    action TEXT NOT NULL,
    "by" TEXT,
    reviewed_by TEXT,
    evidence TEXT,
    content_hash TEXT,
    source INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE score ADD COLUMN id TEXT;
  ALTER TABLE feedback ADD COLUMN source TEXT;
  ALTER TABLE feedback ADD COLUMN name TEXT;
  ALTER TABLE span ADD COLUMN retries REAL;
  ALTER TABLE span ADD COLUMN fallback_from TEXT;

  -- What versions said is kept in the order of the columns, to which these are new.
  DELETE FROM span_version;
  `,
  // Versions that are merged for good have no place: of a span that has had thousands, the few others are found by theirs.
  'CREATE INDEX span_version_place ON span_version (id, place);',
  // What people add to a pilot: drills with the events of their attempts, labels, and entries of the log.
  `
  CREATE TABLE drill (id TEXT PRIMARY KEY, made_ms REAL NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt_event (
    attempt TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    source INTEGER NOT NULL,
    PRIMARY KEY (attempt, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE label (
    key TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    "by" TEXT,
    time_ms REAL,
    note TEXT,
    source INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX label_item ON label (item, name);
  CREATE TABLE log_entry (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    platform TEXT,
    time_ms REAL,
    body TEXT NOT NULL,
    source INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Evals: runs with what they were made of, an output per case and repeat, a result per check; what judges said; certificates.
  `
  CREATE TABLE eval_run (
    id TEXT PRIMARY KEY,
    suite TEXT NOT NULL,
    started_ms REAL NOT NULL,
    finished_ms REAL,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE eval_case (
    run TEXT NOT NULL,
    case_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, case_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE eval_output (
    run TEXT NOT NULL,
    case_id TEXT NOT NULL,
    repeat INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, case_id, repeat)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX eval_output_trace ON eval_output (body ->> '$.trace.traceId');
  CREATE TABLE eval_result (
    run TEXT NOT NULL,
    case_id TEXT NOT NULL,
    repeat INTEGER NOT NULL,
    check_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    score REAL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run, case_id, repeat, check_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE judge_answer (key TEXT PRIMARY KEY, time_ms REAL NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE certificate (
    judge_hash TEXT NOT NULL,
    time_ms REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (judge_hash, time_ms)
  ) STRICT, WITHOUT ROWID;
  `,
  // Results of the tests of prompt versions, each evidence once.
  `
  CREATE TABLE prompt_test (
    platform TEXT NOT NULL,
    hash TEXT NOT NULL,
    time_ms REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (platform, hash)
  ) STRICT, WITHOUT ROWID;
  `,
  // What probes found.
  `
  CREATE TABLE probe_run (
    id INTEGER PRIMARY KEY,
    probe TEXT NOT NULL,
    platform TEXT NOT NULL,
    started_ms REAL NOT NULL,
    ended_ms REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX probe_run_probe ON probe_run (probe, platform);
  `,
  // What was purged: an account without text, and keyed hashes of ids, so that it does not come back unseen.
  `
  CREATE TABLE purge (
    id INTEGER PRIMARY KEY,
    time_ms REAL NOT NULL,
    selector TEXT NOT NULL,
    "by" TEXT,
    state TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE purged_id (hash TEXT PRIMARY KEY, purge INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
]
