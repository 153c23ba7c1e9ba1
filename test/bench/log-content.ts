/** What a busy scheduler's lines say. `{…}` are filled in anew for each line. */

/** AsyncZ's own messages: three in ten lines. */
const OWN = [
	'Running task \\"{task} (trigger: interval[0:05:00], next run at: 2026-11-22 10:25:00 UTC)\\"',
	"Task '{task}' executed successfully.",
	'Task run submitted for {task}.',
];

const ACTIONS = [
	'Fetched',
	'Uploaded',
	'Converted',
	'Archived',
	'Validated',
	'Indexed',
	'Merged',
	'Exported',
	'Queued',
	'Refreshed',
];
const THINGS = ['invoices', 'price list', 'customer profile', 'order events', 'search snapshot'];
const ENDS = [
	'of billing: {n} rows in {m} ms',
	'for customer {hex8}, batch {n}',
	'as artefact {uuid} ({n} bytes)',
	'from {ip}:{port} after {m} ms',
];

/** 200 templates of the tasks themselves. */
const TASKS = ACTIONS.flatMap((action) =>
	THINGS.flatMap((thing) => ENDS.map((end) => `${action} ${thing} ${end}`)),
);

/** What goes wrong: messages of WARNING and above. */
export const FAILURES = [
	'Retrying after timeout: attempt {a} of 5',
	"Run time of task '{task}' was missed by 0:00:0{a}.{n}",
	'Lost connection to {ip}: timeout while reading',
	'Task run failed for {task}: bad input in row {n}.',
	'Cache miss for key session:{uuid}',
	'Slow answer from {ip}: {m} ms for {n} rows',
	'Pool of 20 workers is used up, {a} tasks are waiting',
	'Lock of {task} is held by run {hex8} since {m} s',
	'Response 503 from https://api.example.com/v2/orders/{n}',
	'Dropped {a} stale schedules of {task}',
];

export const MESSAGES = [...Array.from({ length: 29 }, () => OWN).flat(), ...TASKS];

/** One in 100,000 lines says this, and no other line any longer part of it. */
export const RARE_MESSAGE =
	'Quorum lost in frankfurt-b: witness mirelda vanished, fencing token revoked, ballot reopened';

/** One in 1,000 lines is not plain ASCII. */
export const FOREIGN_MESSAGES = [
	'Überweisung für Kunde {hex8} über {n} EUR gebucht, größer als üblich',
	'Données reçues de {ip} après {m} ms, clé périmée',
	'東京リージョンの同期が完了しました ({n} 件, {m} ms)',
];

/** 30 loggers, the first ones more often than the others. */
export const LOGGERS = [
	'executors.default',
	'schedulers',
	'task',
	'stores.redis',
	'dashboard.history',
	...['billing', 'orders', 'search', 'mail', 'reports'].flatMap((part) =>
		['sync', 'export', 'retry', 'audit', 'cache'].map((job) => `${part}.${job}`),
	),
].map((name) => `asyncz.${name}`);

/** The `exception` of one line in a hundred, as it stands in JSON. */
export const TRACEBACK =
	'Traceback (most recent call last):\\n  File \\"/app/billing/sync.py\\", line 88, in sync_invoices\\n    response = await client.get(url, timeout=10)\\nhttpx.ReadTimeout: timeout after 10 s';
