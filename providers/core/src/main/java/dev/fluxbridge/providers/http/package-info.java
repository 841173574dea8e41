/**
 * The HTTP edge: the one place of the providers that opens sockets. One exchange with its timeouts
 * and its honest account of what reached the server, one retry loop, one guarded download.
 *
 * <p>Start at {@link dev.fluxbridge.providers.http.Transport}; pictures come through {@link
 * dev.fluxbridge.providers.http.Downloads}. OkHttp does the work and shows in no public signature.
 */
@NullMarked
package dev.fluxbridge.providers.http;

import org.jspecify.annotations.NullMarked;
