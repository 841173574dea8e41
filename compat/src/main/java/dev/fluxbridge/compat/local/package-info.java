/**
 * The bridge to the local engine, and the only package that sees it: deleted together with it.
 * Found as a service; nobody names it.
 */
@NullMarked
package dev.fluxbridge.compat.local;

import org.jspecify.annotations.NullMarked;
