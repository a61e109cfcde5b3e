import { type Demo, type NotedDemo, noteDemo } from './demo-credentials.js';
import { HttpClient, UnexpectedAnswer } from './http-client.js';

interface LoggedIn {
  accessToken: string;
  tenant: { id: string };
}

const COMPANY = {
  name: 'Ada Demo',
  company: 'Savannah Coffee',
  country: 'NG',
  currency: 'NGN',
  timeZone: 'Africa/Lagos',
};

const SETTINGS = {
  legalName: 'Savannah Coffee Limited',
  email: 'billing@savannah.example',
  phone: '+2348031234567',
  taxId: '12345678-0001',
  address: { line1: '14 Adeola Odeku Street', city: 'Victoria Island', state: 'Lagos', country: 'NG' },
  invoiceFooter: 'Thank you for your business.',
};

/** Makes sure that the demo tenant is there and that its noted keys work, and notes what was made. */
export async function ensureAccount(client: HttpClient, dataDir: string, noted: NotedDemo): Promise<Demo> {
  const known = await workingDemo(client, noted);
  if (known) return known;
  const session = await registerOrLogin(client, noted);
  const account = client.with(session.accessToken);
  await account.patch('/tenants/me', { settings: SETTINGS });
  const demo: Demo = {
    email: noted.email,
    password: noted.password,
    tenantId: session.tenant.id,
    testKey: await newKey(account, 'test'),
    liveKey: await newKey(account, 'live'),
  };
  await noteDemo(dataDir, demo);
  return demo;
}

/** The noted credentials when they are complete and both keys are let in. */
async function workingDemo(client: HttpClient, noted: NotedDemo): Promise<Demo | null> {
  const { testKey, liveKey, tenantId } = noted;
  if (!testKey || !liveKey || !tenantId) return null;
  const answers = await Promise.all([testKey, liveKey].map((key) => isLetIn(client.with(key))));
  return answers.every(Boolean) ? { ...noted, testKey, liveKey, tenantId } : null;
}

async function isLetIn(client: HttpClient): Promise<boolean> {
  try {
    await client.get('/customers?limit=1');
    return true;
  } catch (error) {
    if (error instanceof UnexpectedAnswer && error.status === 401) return false;
    throw error;
  }
}

/** A start that was killed after registering finds its tenant again with the noted password. */
async function registerOrLogin(client: HttpClient, { email, password }: NotedDemo): Promise<LoggedIn> {
  try {
    return await client.post<LoggedIn>('/auth/register', { email, password, ...COMPANY });
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer && error.status === 409)) throw error;
    return client.post<LoggedIn>('/auth/login', { email, password });
  }
}

async function newKey(account: HttpClient, mode: 'test' | 'live'): Promise<string> {
  const created = await account.post<{ key: string }>('/tenants/me/api-keys', {
    name: `Demo, ${mode}`,
    mode,
  });
  return created.key;
}
