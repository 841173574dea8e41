package dev.fluxbridge.providers.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that did not end in a usable reply. A reply with a bad status is not one of these.
 *
 * <p>The message names the method and the address without its query, and no header or body.
 */
public final class HttpException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final boolean maybeDelivered;
  private final boolean unreadable;
  private final transient @Nullable HttpReply head;

  HttpException(
      Kind kind,
      boolean maybeDelivered,
      String message,
      @Nullable HttpReply head,
      @Nullable Throwable cause) {
    super(message, cause instanceof Outgoing.Unreadable own ? own.getCause() : cause);
    this.unreadable = cause instanceof Outgoing.Unreadable;
    this.kind = kind;
    this.maybeDelivered = maybeDelivered;
    this.head = head;
  }

  static HttpException rejected(String message) {
    return new HttpException(Kind.REJECTED, true, message, null, null);
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether any byte of the request may have reached the server. When this is false, sending it
   * again cannot make it happen twice.
   */
  public boolean maybeDelivered() {
    return maybeDelivered;
  }

  /**
   * Whether not the connection failed but the {@link BodySource} of what was to go over it: the
   * fault lies on this side, and the cause is what the source threw, if it threw anything.
   */
  public boolean unreadable() {
    return unreadable;
  }

  /**
   * Whether not even a connection came about: a name that nobody knows, a port where nobody
   * listens, no way there, or no answer to knocking. Another host may then be tried. Trouble with
   * TLS is none of these.
   */
  public boolean unreachable() {
    Throwable cause = getCause();
    return kind == Kind.NO_CONNECTION
        && (cause instanceof UnknownHostException
            || cause instanceof ConnectException
            || cause instanceof NoRouteToHostException
            || cause instanceof SocketTimeoutException);
  }

  /** Status and headers, where they came before it broke; the body in it is empty. */
  public Optional<HttpReply> head() {
    return Optional.ofNullable(head);
  }

  /** What went wrong with an exchange. */
  public enum Kind {
    /** No connection came about: unknown host, refused, unreachable, TLS. Nothing was sent. */
    NO_CONNECTION,
    /** The connection broke, or what came over it was not HTTP. */
    BROKEN,
    /** One of the {@link Timeouts} passed. */
    TIMED_OUT,
    /** The calling thread was interrupted; its interrupt flag is set again. */
    CANCELLED,
    /** The guard refuses the address, or what came from it. */
    REJECTED
  }
}
