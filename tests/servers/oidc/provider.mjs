// A certified OpenID provider with people from a file, which is read again each time: roles change while it runs.
import fs from 'node:fs'
import http from 'node:http'
import Provider from 'oidc-provider'

const settings = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))
const people = () => JSON.parse(fs.readFileSync(settings.people, 'utf8'))

const provider = new Provider(settings.issuer, {
  clients: settings.clients,
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  cookies: { keys: ['only for tests'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_ctx, id) => people()[id] && { accountId: id, claims: () => ({ sub: id, ...people()[id] }) },
  loadExistingGrant: async (ctx) => {
    const { client, session, provider: own } = ctx.oidc
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
})

const page = (uid) => `<!doctype html><html lang="en"><title>Identity provider</title><h1>Sign in to the company</h1>
<form method="post" action="/interaction/${uid}"><label>Name <input name="login" autofocus></label>
<button>Continue</button></form>`

const body = async (request) => {
  let text = ''
  for await (const part of request) text += part
  return new URLSearchParams(text)
}

const answer = provider.callback()
http
  .createServer(async (request, response) => {
    const uid = /^\/interaction\/([\w-]+)$/.exec(request.url)?.[1]
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end()
    } else if (!uid) {
      answer(request, response)
    } else if (request.method === 'POST') {
      const login = (await body(request)).get('login')
      const result = people()[login]
        ? { login: { accountId: login } }
        : { error: 'access_denied', error_description: 'nobody of that name' }
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    } else {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page(uid))
    }
  })
  .listen(settings.port, '127.0.0.1', () => console.log('listening'))
