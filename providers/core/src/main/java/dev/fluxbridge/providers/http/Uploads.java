package dev.fluxbridge.providers.http;

import java.net.Proxy;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;

/**
 * Sends to addresses that a provider's reply named, and trusts them no more than {@link Downloads}
 * trusts a link.
 *
 * <p>https to public addresses only, no redirect, no proxy, and nothing that the caller did not ask
 * for: a signed address is its own permission, so no key goes along. Messages and logs name the
 * host alone, because whoever knows the whole address may use it. It sends once; to try again is
 * the caller's. Safe for use by several threads; owns connections, so close it.
 */
public final class Uploads implements AutoCloseable {
  private static final int MAX_ANSWER = 1024 * 1024;

  private final boolean loopback;
  private final Transport transport;

  /**
   * Uploads with these timeouts.
   *
   * @param loopback whether plain http and addresses of this machine are allowed too, and they
   *     together: for tests and stand-ins only
   */
  public Uploads(Timeouts timeouts, boolean loopback) {
    this.loopback = loopback;
    OkHttpClient guarded =
        new OkHttpClient.Builder()
            .socketFactory(new GuardedSockets(loopback))
            .proxy(Proxy.NO_PROXY)
            .build();
    this.transport = new Transport(guarded, timeouts);
  }

  /** Whether an address may be sent to, as far as its text tells. */
  public boolean allows(URI uri) {
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    boolean here =
        loopback && "http".equalsIgnoreCase(uri.getScheme()) && HttpRequest.namesThisMachine(uri);
    return uri.getHost() != null && uri.getRawUserInfo() == null && (https || here);
  }

  /**
   * Sends it once and reads the answer, whatever its status.
   *
   * @throws HttpException of kind {@code REJECTED} if the guard refuses the address; of another
   *     kind if no whole reply came
   */
  public HttpReply send(HttpRequest request) throws HttpException {
    return transport.send(guarded(request), MAX_ANSWER);
  }

  /**
   * Sends it once without keeping the calling thread.
   *
   * @param waiting as for {@link Transport#start(HttpRequest, int, Optional)}
   * @return the exchange, whose future ends as {@link #send} does
   * @throws HttpException of kind {@code REJECTED} if the text of the address is refused
   */
  public Exchange<HttpReply> start(HttpRequest request, Optional<? extends Executor> waiting)
      throws HttpException {
    return transport.start(guarded(request), MAX_ANSWER, waiting);
  }

  private HttpRequest guarded(HttpRequest request) throws HttpException {
    if (!allows(request.uri())) {
      throw HttpException.rejected(
          "the address at "
              + request.uri().getHost()
              + " is not https: refused before anything was sent");
    }
    return request.discreet();
  }

  /** Ends what is under way and gives connections and threads back. */
  @Override
  public void close() {
    transport.close();
  }
}
