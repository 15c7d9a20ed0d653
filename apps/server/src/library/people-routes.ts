import type { Answer, FaceSearch } from '@focal/library';
import { Hono } from 'hono';
import { IMMUTABLE, REVALIDATE, sendFile } from '../files.ts';
import { createOptionReader } from '../option-reader.ts';
import { toChoice, toNumber, toSwitch } from '../option-values.ts';
import { onlyPost } from '../routes/only-post.ts';
import { answerPicture, type PictureRoutesOptions } from '../routes/picture-work.ts';
import { defined } from './asset-routes.ts';
import type { LibraryDoor } from './door.ts';
import { readBody, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';

const SORTS = ['size', 'name'] as const;

/** `/v1/library/people…`, `/v1/library/faces…`, and what is said of faces in a photo. */
export function peopleRoutes(door: LibraryDoor, pictures: PictureRoutesOptions): Hono {
  const app = new Hono();
  const open = async () => (await door.open()).people;

  app.get('/v1/library/people', async (context) => {
    const query = readQuery(context, ['cursor', 'limit', 'minFaces', 'hidden', 'named', 'name', 'sort']);
    const isHidden = toSwitch('hidden', query.one('hidden'));
    const isNamed = toSwitch('named', query.one('named'));
    const sort = toChoice('sort', SORTS, query.one('sort'));
    const [limit, minFaces] = [query.whole('limit', 1, 1000), query.whole('minFaces', 1, 1_000_000)];
    const options = { cursor: query.one('cursor'), name: query.one('name'), limit, minFaces, isHidden, isNamed, sort };
    return context.json(await (await open()).list(present(options)));
  });
  app.get('/v1/library/people/suggestions', async (context) => {
    const query = readQuery(context, ['limit', 'person']);
    const options = { limit: query.whole('limit', 1, 200), person: query.whole('person', 1, 2 ** 31 - 1) };
    return context.json({ suggestions: await (await open()).suggest(present(options)) });
  });
  app.post('/v1/library/people/suggestions/answer', async (context) => {
    const answer = await readBody(context, requests.answerSuggestion);
    const { action } = await (await open()).answer(answer as Answer);
    return context.json({ action });
  });
  app.post('/v1/library/people/merge', async (context) => {
    const { into, from, allowDoubles } = await readBody(context, requests.mergePeople);
    return context.json(await (await open()).merge(into, from, present({ allowDoubles })));
  });
  app.post('/v1/library/people/split', async (context) => {
    const { faces, name } = await readBody(context, requests.splitPerson);
    const made = await (await open()).split(faces, name);
    return context.json(made, 201, { location: `/v1/library/people/${made.person.id}` });
  });
  app.post('/v1/library/people/apart', async (context) => {
    const { people } = await readBody(context, requests.peopleApart);
    const [one = 0, other = 0] = people;
    return context.json(await (await open()).keepApart(one, other));
  });
  app.get('/v1/library/people/actions', async (context) => {
    const limit = readQuery(context, ['limit']).whole('limit', 1, 500);
    return context.json({ actions: await (await open()).actions(limit) });
  });
  app.post('/v1/library/people/undo', async (context) => {
    const { action } = await readBody(context, requests.undoPeople);
    return context.json(await (await open()).undo(action));
  });
  app.post('/v1/library/people/search', (context) => {
    const reader = createOptionReader('The search for a face', ['limit', 'face'], (values) => ({
      limit: toNumber('limit', values.get('limit'), { min: 1, max: 60, isWhole: true }),
      face: toNumber('face', values.get('face'), { min: 0, max: 1000, isWhole: true }),
    }));
    return answerPicture(context, pictures, reader, [], async ({ image, options, signal }) => {
      const found: FaceSearch = await (await open()).search(image, { ...present(options), signal });
      return Response.json(found, { headers: { 'cache-control': 'no-store' } });
    });
  });
  onlyPost(app, 'the search for a face', '/v1/library/people/search');
  app.get('/v1/library/people/:id', async (context) => {
    const id = readId(context);
    return context.json(await (await open()).get(id));
  });
  app.patch('/v1/library/people/:id', async (context) => {
    const id = readId(context);
    const change = await readBody(context, requests.changePerson);
    return context.json(await (await open()).change(id, defined(change)));
  });
  app.get('/v1/library/people/:id/faces', async (context) => {
    const id = readId(context);
    const query = readQuery(context, ['cursor', 'limit']);
    const options = { cursor: query.one('cursor'), limit: query.whole('limit', 1, 1000) };
    return context.json(await (await open()).faces(id, present(options)));
  });
  app.post('/v1/library/people/:id/faces', async (context) => {
    const id = readId(context);
    const { faces } = await readBody(context, requests.faces);
    return context.json(await (await open()).move(faces, id));
  });

  app.get('/v1/library/faces/unknown', async (context) => {
    const query = readQuery(context, ['cursor', 'limit', 'small']);
    const isSmall = toSwitch('small', query.one('small'));
    const options = { cursor: query.one('cursor'), limit: query.whole('limit', 1, 1000), isSmall };
    return context.json(await (await open()).faces(null, present(options)));
  });
  app.post('/v1/library/faces/reject', async (context) => {
    const { faces, person } = await readBody(context, requests.rejectFaces);
    return context.json(await (await open()).reject(faces, person));
  });
  app.post('/v1/library/faces/remove', async (context) => {
    const { faces } = await readBody(context, requests.faces);
    return context.json(await (await open()).removeFaces(faces));
  });
  app.post('/v1/library/faces/hide', async (context) => {
    const { faces } = await readBody(context, requests.faces);
    return context.json(await (await open()).hideFaces(faces));
  });
  app.get('/v1/library/faces/:id/resembling', async (context) => {
    const id = readId(context);
    const limit = readQuery(context, ['limit']).whole('limit', 1, 60);
    return context.json(await (await open()).resembling(id, present({ limit })));
  });
  app.get('/v1/library/faces/:id/picture', async (context) => {
    const id = readId(context);
    const { path, tag } = await (await door.open()).facePicture(id);
    const cacheControl = context.req.query('v') === undefined ? REVALIDATE : IMMUTABLE.replace('public', 'private');
    return sendFile(context.req.raw, path, { cacheControl, type: 'image/webp', tag });
  });
  app.post('/v1/library/assets/:id/faces', async (context) => {
    const id = readId(context);
    const { box, person, name } = await readBody(context, requests.drawFace);
    return context.json(await (await open()).draw(id, box, present({ person, name })), 201);
  });
  app.put('/v1/library/assets/:id/double', async (context) => {
    const id = readId(context);
    const { isDouble } = await readBody(context, requests.setDouble);
    return context.json(await (await open()).setDouble(id, isDouble));
  });
  return app;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function present<T extends object>(options: T): Present<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<T>;
}
