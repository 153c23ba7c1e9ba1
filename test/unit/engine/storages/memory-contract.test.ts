import { MemoryLogStorage } from '#engine/storages/memory/memory-log-storage.ts';
import { describeContract } from '../../../support/storage-contract.ts';

describeContract('Memory', async () => new MemoryLogStorage(25_000));

describeContract('A small ring in memory', async () => new MemoryLogStorage(2_000), {
	capacity: 2_000,
});
