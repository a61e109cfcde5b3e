import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import type { NovaApplication } from '../configure-http.js';
import { buildDocument, type DocumentOptions } from './build-document.js';

/**
 * Serves Swagger UI at `/api/docs` and the document as JSON and YAML. The document is built when it is first asked for:
 * a worker that nobody asks should not start later for it.
 */
export function serveDocs(app: NovaApplication, options: DocumentOptions): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('api/docs', app, () => (document ??= buildDocument(app, options)), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'NovaBilling API',
    swaggerOptions: {
      persistAuthorization: true,
      displayOperationId: true,
      docExpansion: 'none',
      tagsSorter: 'alpha',
    },
  });
}
