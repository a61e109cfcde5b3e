import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { notFound } from '../errors/common-errors.js';
import { errorCatalogue } from '../errors/define-error.js';
import { Endpoint } from './endpoint.decorator.js';

const CodeParamSchema = z.string().max(100);

/** Explains the codes of problems: where their `type` leads. */
@Controller('problems')
export class ProblemsController {
  @Get(':code')
  @Endpoint({
    summary: 'Explain an error code',
    access: 'public',
    returns: { contentType: 'text/html' },
    errors: [notFound],
    undocumented: true,
  })
  explainProblem(
    @Param('code', { schema: CodeParamSchema }) code: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const definition = errorCatalogue().find((known) => known.code === code);
    if (!definition) throw notFound(`There is no error code ${code}.`);
    void reply.type('text/html; charset=utf-8');
    // Code and title are texts of ours, from the catalogue: nothing of the request stands in the page.
    return [
      '<!doctype html><html lang="en"><meta charset="utf-8">',
      `<title>${definition.code}</title>`,
      `<h1><code>${definition.code}</code></h1>`,
      `<p>${definition.title}.</p>`,
      `<p>It comes with status ${definition.status}. All codes are listed in <a href="/api/docs">the documentation</a>.</p>`,
      '</html>',
    ].join('\n');
  }
}
