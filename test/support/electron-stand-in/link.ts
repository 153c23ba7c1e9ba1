/** The app's half: joined to the test that started this process. */
import { join } from './protocol.ts';
import type { AppHalf, TestHalf } from './protocol.ts';

/** Answers the test; filled in by `app-half.ts`, which knows all the parts. */
export const appHalf: Partial<AppHalf> = {};

/** The test's half. */
export const link = join<TestHalf, Partial<AppHalf>>(process, appHalf);
