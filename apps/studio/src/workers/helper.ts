import { getWorkerPort, serveHelper } from '@focal/web';

serveHelper(getWorkerPort());
