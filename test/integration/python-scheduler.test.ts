import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { startFeedsThread } from '../support/feeds-thread.ts';
import { pythonEnvironment, runPythonBeside } from '../support/python-env.ts';
import type { PythonEnvironment } from '../support/python-env.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';

/** A real scheduler that runs two tasks, one of which fails, and ends. */
const PROGRAM = `
import asyncio, logging, sys
from asyncz.contrib.dashboard.admin import AsynczAdmin
from asyncz.schedulers import AsyncIOScheduler
from asyncz_companion import CompanionLogStorage, CompanionServer, install_companion

way, address = sys.argv[1:]

def report():
    logging.getLogger("asyncz.task").info("Report built")

def broken():
    raise ValueError("bad input")

async def main():
    scheduler = AsyncIOScheduler(identity="worker-1", timezone="UTC")
    if way == "serve":
        address_or_server = CompanionServer(address, source="worker-1")
    else:
        address_or_server = address
    if way == "storage":
        storage = CompanionLogStorage(address, source="worker-1")
        AsynczAdmin(scheduler=scheduler, log_storage=storage)
    handler = install_companion(scheduler, address_or_server)
    over = asyncio.Event()
    ended = []
    loop = asyncio.get_running_loop()
    def look(event):
        ended.append(event.task_id)
        if len(ended) == 2:
            loop.call_soon_threadsafe(over.set)
    scheduler.add_listener(look, 4096 | 8192)
    scheduler.start()
    scheduler.add_task(report, "date", id="report", name="Daily report")
    scheduler.add_task(broken, "date", id="broken", name="Broken")
    await asyncio.wait_for(over.wait(), 60)
    scheduler.shutdown()
    for _ in range(600):
        if handler.outlet.flush(1):
            return print("delivered")
        await asyncio.sleep(0.1)

asyncio.run(main())
`;

let environment: PythonEnvironment;
beforeAll(() => {
	environment = pythonEnvironment();
}, 600_000);

test.for([
	['send', 'unix'],
	['send', 'tcp'],
	['serve', 'unix'],
	['storage', 'unix'],
] as const)(
	'a real scheduler (%s, %s): each record once, with its task, run and traceback',
	{ timeout: 240_000 },
	async ([way, kind], { skip }) => {
		skip(environment.missing !== undefined, environment.missing);
		const base = temporaryFolder();
		const folder = join(base, 'feeds');
		mkdirSync(folder);
		const address = kind === 'unix' ? `unix:${join(base, 'feed.sock')}` : `tcp:${await freePort()}`;
		const { worker, api } = startFeedsThread();
		onTestFinished(() => void worker.terminate());
		await api.configure({
			folder,
			listen: way === 'serve' ? [] : [address],
			connect: way === 'serve' ? [address] : [],
		});
		expect(await runPythonBeside(environment, ['-c', PROGRAM, way, address])).toBe('delivered\n');
		await api.close({});
		const engine = await EngineClient.open(base);
		await engine.untilRead();
		const rows = await engine.rows();
		const only = (message: string, task: string | undefined) => {
			const found = rows.filter((row) => row.message === message);
			expect([message, found.map((row) => row.task_id)]).toEqual([message, [task]]);
			return found[0]?.seq ?? -1;
		};
		only('Scheduler started.', undefined);
		only('Report built', 'report');
		only('Run of report succeeded', 'report');
		if (way === 'storage') {
			only('Task run succeeded for report.', 'report');
		}
		const failed = await engine.api.getEntry({
			seq: only('Run of broken failed: ValueError: bad input', 'broken'),
		});
		expect(failed?.exception).toMatch(
			/^Traceback \(most recent call last\):\n[^]*in broken\nValueError: bad input$/,
		);
		const { run_id: runId } = JSON.parse(failed?.extra ?? '{}') as { run_id?: string };
		expect(runId).toMatch(/^[0-9a-f]{20}$/);
		const ofRun = await engine.messages({ query: `run_id:${runId}` });
		expect(ofRun).toContain('Run of broken submitted');
		expect(ofRun.some((message) => message.startsWith('Running task "Broken'))).toBe(true);
	},
);

/** A TCP port that was free a moment ago. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
