package dev.fluxbridge.compat;

import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.fal.FalConfig;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.fal.FalImageBackend;
import dev.fluxbridge.providers.fal.FalUploadOptions;
import dev.fluxbridge.providers.http.MediaPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sets fal up from the settings. A value that makes no sense is named together with the place where
 * it was set.
 */
final class FalBackendFactory implements BackendFactory {
  @Override
  public String name() {
    return "fal";
  }

  @Override
  public List<LedgerRow> ledger() {
    return FalImageBackend.ledger();
  }

  @Override
  public ImageBackend create(Settings settings) {
    FalConfig config =
        FalConfig.fromEnvironment(settings::environment).withStrict(settings.isOn(Settings.STRICT));
    FalHosts queue =
        settings.parsed(
            Settings.FAL_QUEUE_URL,
            url ->
                new FalHosts(
                    URI.create(url),
                    config.hosts().run(),
                    config.hosts().rest(),
                    config.hosts().api(),
                    Optional.empty()),
            config.hosts());
    FalHosts hosts =
        settings.parsed(
            Settings.FAL_REST_URL,
            url ->
                new FalHosts(
                    queue.queue(), queue.run(), URI.create(url), queue.api(), queue.backup()),
            queue);
    FalUploadOptions uploads =
        settings.parsed(
            Settings.FAL_INLINE_UP_TO,
            bytes -> config.uploads().withInlineUpTo(Integer.parseInt(bytes)),
            config.uploads());
    Duration deadline = settings.parsed(Settings.FAL_DEADLINE, Duration::parse, config.deadline());
    MediaPolicy media = config.media().withLoopback(settings.isOn(Settings.FAL_LOOPBACK_MEDIA));
    return new FalImageBackend(config.with(hosts).with(uploads).with(media).withDeadline(deadline));
  }
}
