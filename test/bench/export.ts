import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORT_FORMATS } from '#shared/model/export.ts';
import type { ExportFormat } from '#shared/model/export.ts';
import { BenchEngine } from './bench-engine.ts';
import { largestLog } from './plan.ts';
import type { Plan } from './plan.ts';
import { memoryUsage } from './process-usage.ts';

const GOALS: Readonly<Record<ExportFormat, string>> = {
	original: '>= 100',
	csv: '>= 30',
	jsonl: 'none',
	text: 'none',
};

/** How fast everything is written into a file, and what memory that takes. */
export async function measureExport(plan: Plan): Promise<void> {
	const { path, lines } = largestLog(plan);
	const engine = await BenchEngine.start(plan.folder);
	try {
		await engine.api.openSource({ type: 'file', path });
		await engine.untilRead(lines);
		for (const format of EXPORT_FORMATS) {
			const out = join(plan.folder, `out.${format}`);
			const before = memoryUsage(engine.pid).peak;
			const start = performance.now();
			const { state, rows } = await engine.save({ format }, out);
			const seconds = (performance.now() - start) / 1_000;
			const bytes = statSync(out).size;
			plan.print({
				measure: `export ${format}`,
				unit: 'MB/s written',
				goal: GOALS[format],
				n: 1,
				value: Math.round(bytes / 1e6 / seconds),
				state,
				rows,
				seconds,
				peak_growth_mb: Math.round(memoryUsage(engine.pid).peak - before),
			});
			rmSync(out);
		}
	} finally {
		await engine.close();
	}
}
