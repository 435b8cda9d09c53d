import { secureHeaders } from 'hono/secure-headers';

/** Content security policy of a page with scripts and styles of its own, all served from here. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/**
 * The headers of every answer, errors included. A page sets its own `Content-Security-Policy` ({@link PAGE_POLICY})
 * and keeps it. No origin but our own may read anything: there are no CORS headers.
 */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
  xFrameOptions: 'DENY',
  overwrite: false,
});
