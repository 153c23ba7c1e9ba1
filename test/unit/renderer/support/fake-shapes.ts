import type { Shape, ShapeQuery } from '#shared/model/query.ts';
import type { ShapeApi } from '../../../../src/renderer/state/shape/result-shape.svelte.ts';
import { settle } from './manual-clock.ts';

/** Shapes that are answered when the test says so. */
export class FakeShapes implements ShapeApi {
	readonly asked: ShapeQuery[] = [];
	readonly #waiting: { resolve: (shape: Shape) => void; reject: (error: unknown) => void }[] = [];

	shape(query: ShapeQuery): Promise<Shape> {
		this.asked.push(query);
		return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
	}

	/** Questions without an answer. */
	get open(): number {
		return this.#waiting.length;
	}

	/** Answers the oldest question; what is not given is that of a complete answer. */
	async answer(given: Partial<Shape> = {}): Promise<void> {
		const shape: Shape = { matched: 0, searched: 1, complete: true, facets: [], ...given };
		this.#waiting.shift()?.resolve(shape);
		await settle();
	}

	async fail(error: unknown): Promise<void> {
		this.#waiting.shift()?.reject(error);
		await settle();
	}
}
