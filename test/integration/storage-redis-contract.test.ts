import { afterAll, beforeAll } from 'vitest';
import { openRedis } from '../support/open-redis.ts';
import { RedisServer } from '../support/redis-server.ts';
import { describeContract } from '../support/storage-contract.ts';

let server: RedisServer;

beforeAll(async () => {
	server = await RedisServer.start();
});

afterAll(async () => {
	await server.remove();
});

describeContract('Redis', (place) => openRedis(server, `?key=${place}&maxlen=1000000`));
