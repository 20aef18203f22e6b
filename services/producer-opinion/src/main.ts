import { runProducer } from '@pingan/sources';

await runProducer({ stream: 'opinion' });
